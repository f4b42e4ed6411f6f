"""Opens a page in headless Chromium and says, as one JSON object, what a reader would stumble over.

    python3 look.py PAGE WIDTH...      for each width: how wide the page is, what leaves its box, messages and requests
    python3 look.py --axe SCRIPT PAGE  in both colour schemes: what axe-core, the script, has against the page (`make readers`)

Speaks the DevTools protocol over a pipe (--remote-debugging-pipe: file descriptors 3 and 4, messages ended by a zero byte), so
that nothing but Python and Chromium is needed. Scripts asked for that way run beside the page's Content-Security-Policy.
"""

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

LOOK = """(() => {
  const wide = [];
  for (const element of document.querySelectorAll('body *')) {
    if (element.closest('.wide, .skip, .patterns, svg defs')) continue;
    const box = element.getBoundingClientRect();
    if (box.width && (box.right > innerWidth + 1 || box.left < -1)) wide.push(element.tagName + '.' + element.className);
  }
  const texts = [];
  for (const svg of document.querySelectorAll('svg[role=img]')) {
    const frame = svg.getBoundingClientRect();
    for (const text of svg.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      if (frame.width && (box.right > frame.right + 1 || box.left < frame.left - 1 || box.bottom > frame.bottom + 2)) texts.push(text.textContent);
    }
  }
  const unnamed = [...document.querySelectorAll('svg[role=img]')].filter(svg => !svg.querySelector('title, desc')).length;
  const faults = [];
  const count = (words, found) => { if (found.length) faults.push(words + ': ' + found.length + ', first ' + found[0].outerHTML.slice(0, 80)); };
  const all = selector => [...document.querySelectorAll(selector)];
  count('scrolls and cannot be reached by keys', all('body *').filter(e =>
    e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'auto' && e.tabIndex < 0));
  count('a heading more than one below the one before', all('h1,h2,h3,h4,h5,h6').filter((e, n, every) =>
    e.tagName[1] > (n ? +every[n - 1].tagName[1] : 0) + 1));
  count('an id twice', all('[id]').filter(e => all('#' + CSS.escape(e.id)).length > 1));
  count('a table head of nothing', all('th:not([scope])'));
  count('a table without caption', all('table').filter(e => !e.caption));
  count('a link without text', all('a').filter(e => !e.textContent.trim()));
  count('details without summary', all('details').filter(e => !e.querySelector('summary')));
  count('a description that is not there', all('[aria-labelledby]').filter(e =>
    e.getAttribute('aria-labelledby').split(' ').some(id => !document.getElementById(id))));
  if (!document.documentElement.lang || all('main').length !== 1 || all('h1').length !== 1) faults.push('no language, not one main part, or not one title');
  const first = document.querySelector('.first'), end = first ? first.querySelector('.columns') : null;
  return JSON.stringify({
    width: document.documentElement.scrollWidth, wide: [...new Set(wide)].slice(0, 10), texts: texts.slice(0, 10), unnamed: unnamed, faults: faults,
    pictures: document.querySelectorAll('svg[role=img]').length, tables: document.querySelectorAll('table').length,
    firstScreenEnds: end ? Math.round(end.getBoundingClientRect().bottom + scrollY) : 0, scripts: document.scripts.length
  });
})()"""


class Browser:
    def __init__(self, folder):
        here, browser_write = os.pipe()
        browser_read, there = os.pipe()
        self.reader, self.writer = os.fdopen(here, "rb", buffering=0), os.fdopen(there, "wb", buffering=0)
        # The browser finds its ends of the pipes at 3 and 4; high copies first, lest one covers the other.
        high_read, high_write = os.dup(browser_read), os.dup(browser_write)

        def place():
            os.dup2(high_read, 103)
            os.dup2(high_write, 104)
            os.dup2(103, 3)
            os.dup2(104, 4)

        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--remote-debugging-pipe", "--user-data-dir=" + folder, "about:blank"],
            preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for descriptor in (browser_read, browser_write, high_read, high_write):
            os.close(descriptor)
        self.rest, self.number, self.events = b"", 0, []

    def receive(self):
        while b"\0" not in self.rest:
            chunk = self.reader.read(1 << 16)
            if not chunk:
                raise SystemExit("chromium ended")
            self.rest += chunk
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self.writer.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(method + ": " + json.dumps(answer["error"]))
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        for place, event in enumerate(self.events):
            if event.get("method") == method:
                return self.events.pop(place)
        while True:
            event = self.receive()
            if event.get("method") == method:
                return event
            self.events.append(event)


@contextlib.contextmanager
def browsing():
    """A browser and a session in it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(folder)
        try:
            target = browser.call("Target.createTarget", url="about:blank")["targetId"]
            session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                browser.call(domain + ".enable", session)
            yield browser, session
            browser.call("Browser.close")
        finally:
            browser.process.kill()
            browser.process.wait()


def axe(page, script):
    """What axe-core has against the page in both colour schemes, with everything folded open: rule, impact, and the first places."""
    found = []
    with browsing() as (browser, session):
        for scheme in ("light", "dark"):
            browser.call("Emulation.setEmulatedMedia", session, features=[{"name": "prefers-color-scheme", "value": scheme}])
            browser.call("Emulation.setDeviceMetricsOverride", session, width=1280, height=800, deviceScaleFactor=1, mobile=False)
            browser.call("Page.navigate", session, url=pathlib.Path(page).resolve().as_uri())
            browser.wait("Page.loadEventFired")
            browser.call("Runtime.evaluate", session, expression="document.querySelectorAll('details').forEach(d => d.open = true)")
            browser.call("Runtime.evaluate", session, expression=pathlib.Path(script).read_text(encoding="utf-8"))
            ran = browser.call(
                "Runtime.evaluate", session, awaitPromise=True,
                expression="axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify([r.passes.length, r.violations.map("
                "v => [v.id, v.impact, v.help, v.nodes.slice(0, 3).map(n => n.target.join(' '))])]))")
            passes, violations = json.loads(ran["result"]["value"])
            found.append({"scheme": scheme, "passes": passes, "violations": violations})
    return found


def main():
    if sys.argv[1] == "--axe":
        print(json.dumps(axe(sys.argv[3], sys.argv[2])))
        return
    address = pathlib.Path(sys.argv[1]).resolve().as_uri()
    found = []
    with browsing() as (browser, session):
        for width in map(int, sys.argv[2:]):
            browser.events.clear()
            browser.call("Emulation.setDeviceMetricsOverride", session, width=width, height=800, deviceScaleFactor=1, mobile=False)
            browser.call("Page.navigate", session, url=address)
            browser.wait("Page.loadEventFired")
            # All that is folded away is looked at too.
            browser.call("Runtime.evaluate", session, expression="document.querySelectorAll('details').forEach(d => d.open = false)")
            closed = json.loads(browser.call("Runtime.evaluate", session, expression=LOOK)["result"]["value"])
            browser.call("Runtime.evaluate", session, expression="document.querySelectorAll('details').forEach(d => d.open = true)")
            opened = json.loads(browser.call("Runtime.evaluate", session, expression=LOOK)["result"]["value"])
            messages = [
                event["params"].get("entry", event["params"]).get("text", event["method"]) for event in browser.events
                if event.get("method") in ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")]
            requests = [
                event["params"]["request"]["url"] for event in browser.events
                if event.get("method") == "Network.requestWillBeSent" and not event["params"]["request"]["url"].startswith("data:")]
            found.append({
                "viewport": width, "closed": closed, "opened": opened, "messages": messages,
                "requests": [url for url in requests if url != address]})
    print(json.dumps(found))


main()
