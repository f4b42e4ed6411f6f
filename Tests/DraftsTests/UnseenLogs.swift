import TestSupport

/// Logs of kinds that nothing in the program was made for, each as some system might write it. Persons go their ways side by side, and
/// lines come in the order of time.
enum UnseenLogs {
    /// One person's events, in seconds since the log's beginning.
    private typealias Story = [(at: Int, line: (LogClock) -> String)]

    private static func merged(_ stories: [Story]) -> [String] {
        stories.joined().enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map { item in
            var clock = LogClock()
            clock.pass(item.element.at)
            return item.element.line(clock)
        }
    }

    /// Walks a way of places; at each of them some stop for good.
    private static func walk(_ places: [String], stops percent: Int, _ random: inout SeededGenerator) -> [String] {
        var walked: [String] = []
        for place in places {
            walked.append(place)
            if random.chance(percent: percent) { break }
        }
        return walked
    }

    /// Web: nested objects, names in camel case, times in milliseconds, a visitor's cookie until the log-in.
    static func webShop(_ random: inout SeededGenerator) -> [String] {
        var number = 0
        return merged(
            (0..<150).map { person -> Story in
                var at = random.int(0...1_200_000)
                return walk(["landing", "listing", "detail", "basket", "login", "delivery", "pay", "orderConfirmed"], stops: 12, &random)
                    .map { view in
                        at += random.int(5...400)
                        number += 1
                        let (id, knows) = (number, ["delivery", "pay", "orderConfirmed"].contains(view))
                        let user = knows ? "\"userId\":\(700_000 + person)," : ""
                        let error = view == "pay" && person % 7 == 0
                        return (
                            at,
                            { clock in
                                """
                                {"eventId":"e\(id)","eventTime":\(clock.seconds)123,"receivedAt":\(clock.seconds + 9)456,"visitor":{"visitorId":"v-\(person * 7919)",\(user)"isNew":\(person % 2 == 0)},"pageView":{"viewName":"\(view)"},"httpResult":{"success":\(!error)},"cart":{"totalPrice":\(person).95},"app":{"version":"4.2"}}
                                """
                            }
                        )
                    }
            })
    }

    /// Server access log: no person but an address and a session, whole paths with numbers and queries, statuses of HTTP.
    static func accessLog(_ random: inout SeededGenerator) -> [String] {
        merged(
            (0..<120).map { person -> Story in
                var at = random.int(0...600_000)
                let paths = [
                    "/", "/search?q=\(person)", "/item/\(1000 + person * 3)", "/cart", "/checkout/address",
                    "/checkout/done?order=\(person)",
                ]
                return walk(paths, stops: 15, &random).map { path in
                    at += random.int(2...300)
                    let status = random.pick([200, 200, 200, 304, 404, 500])
                    return (
                        at,
                        { clock in
                            """
                            {"@timestamp":"\(clock.utc)","remote_addr":"10.0.\(person / 250).\(person % 250)","session_id":"s\(person * 104_729)","request_method":"GET","request_path":"\(path)","status":\(status),"bytes":\(person * 17),"user_agent":"Mozilla/5.0 (X11)"}
                            """
                        }
                    )
                }
            })
    }

    /// Help desk: tickets of persons, snake case, local times without a zone, agents and customers.
    static func ticketSystem(_ random: inout SeededGenerator) -> [String] {
        merged(
            (0..<140).flatMap { person -> [Story] in
                (0..<random.pick([1, 1, 2, 3])).map { count -> Story in
                    var at = random.int(0...4_000_000)
                    let ticket = person * 10 + count
                    var states =
                        ["new", "assigned"] + (random.chance(percent: 40) ? ["waiting_for_customer", "customer_replied"] : []) + ["solved"]
                    if random.chance(percent: 70) { states.append("closed") }
                    return states.map { state in
                        at += random.int(600...90_000)
                        let role = ["new", "customer_replied"].contains(state) ? "end_user" : state == "closed" ? "automation" : "agent"
                        return (
                            at,
                            { clock in
                                """
                                {"log_id":\(ticket * 100 + states.count),"changed_at":"\(clock.text(separator: " "))","ticket_number":"INC\(40_000 + ticket)","requester_id":\(5000 + person),"actor_role":"\(role)","to_status":"\(state)","channel":"\(["email", "phone", "portal"][person % 3])","priority":"\(["low", "high"][person % 2])","assignee_name":"Kim Doe"}
                                """
                            }
                        )
                    }
                }
            })
    }

    /// Case log of a hospital as a process mining tool exports it, with an activity and a resource, times with an offset.
    static func hospital(_ random: inout SeededGenerator) -> [String] {
        merged(
            (0..<130).map { person -> Story in
                var at = random.int(0...3_000_000)
                let way =
                    ["Registration", "Triage", random.pick(["X-Ray", "Lab Test"]), "Doctor's Visit"]
                    + (random.chance(percent: 30) ? ["Admission"] : []) + ["Discharge"]
                return way.map { activity in
                    at += random.int(300...20_000)
                    return (
                        at,
                        { clock in
                            """
                            {"CaseID":"\(9000 + person)","Activity":"\(activity)","CompleteTimestamp":"\(clock.text(separator: "T"))+01:00","Resource":"R\(clock.seconds % 9)","Ward":"\(["A", "B", "C"][person % 3])","Age":\(20 + person % 70)}
                            """
                        }
                    )
                }
            })
    }

    /// Bank: several ids in one line, seconds since 1970 as text, channel codes, money as text, numbers of cards that nobody may see.
    static func bank(_ random: inout SeededGenerator) -> [String] {
        var number = 0
        return merged(
            (0..<150).map { person -> Story in
                var at = random.int(0...2_500_000)
                return walk(["loan_info", "loan_calculator", "loan_application", "identification", "contract_signed"], stops: 20, &random)
                    .map { step in
                        at += random.int(60...80_000)
                        number += 1
                        let id = number
                        let channel = step == "identification" ? "BRANCH" : person % 2 == 0 ? "WEB" : "MOBILE_APP"
                        return (
                            at,
                            { clock in
                                """
                                {"msg_uuid":"\(id)-b7","epoch":"\(clock.seconds)","cust_no":"\(80_000_000 + person * 13)","device_fingerprint":"fp\(person * 31)","card_number":"4111111111111111","email":"p\(person)@bank.example","channel_code":"\(channel)","business_step":"\(step)","result_code":"\(person % 11 == 0 && step == "identification" ? "REJECTED" : "OK")","amount":"\(1000 + person).00","session":"S\(person * 3)"}
                                """
                            }
                        )
                    }
            })
    }

    /// Each line a batch of a game's events: an array of records, with the player beside it.
    static func gameBatches(_ random: inout SeededGenerator) -> [String] {
        merged(
            (0..<110).map { person -> Story in
                let start = random.int(0...900_000)
                let names = walk(
                    ["install", "tutorial_begin", "tutorial_complete", "level_1", "level_2", "first_purchase"], stops: 14, &random)
                return [
                    (
                        start,
                        { clock in
                            let events = names.enumerated().map { place, name in
                                "{\"ts\":\(clock.seconds + place * 95)000,\"name\":\"\(name)\",\"params\":{\"fps\":\(30 + person % 30)}}"
                            }
                            return
                                "{\"batch\":\(person),\"player\":{\"id\":\"pl\(person * 71)\"},\"platform\":\"\(["ios", "android"][person % 2])\",\"events\":[\(events.joined(separator: ","))]}"
                        }
                    )
                ]
            })
    }

    /// Names that say nothing: `a`, `b`, `c`. Only the values tell.
    static func nameless(_ random: inout SeededGenerator) -> [String] {
        merged(
            (0..<120).map { person -> Story in
                var at = random.int(0...800_000)
                return walk(["alpha", "beta", "gamma", "delta"], stops: 20, &random).map { place in
                    at += random.int(10...5000)
                    return (
                        at, { clock in "{\"a\":\"\(clock.utc)\",\"b\":\"K-\(1000 + person * 7)\",\"c\":\"\(place)\",\"d\":\(person % 5)}" }
                    )
                }
            })
    }

    /// A subscription service whose lines are of several shapes: page views have a page, others an event; some have nobody's id.
    static func mixedShapes(_ random: inout SeededGenerator) -> [String] {
        var number = 0
        func id() -> Int {
            number += 1
            return number
        }
        return merged(
            (0..<160).map { person -> Story in
                var at = random.int(0...2_000_000)
                return walk(
                    ["/home", "/pricing", "signup_started", "signup_completed", "plan_selected", "subscription_started"], stops: 15, &random
                ).map { what in
                    at += random.int(20...50_000)
                    let number = id()
                    let user = person % 12 == 0 ? "null" : "\"user-\(person)\""
                    let place = what.hasPrefix("/") ? "\"page\":\"\(what)\"" : "\"event_name\":\"\(what)\""
                    return (
                        at,
                        { clock in
                            "{\"uuid\":\"u\(number)\",\"user_id\":\(user),\"timestamp\":\"\(clock.utc)\",\(place),\"plan\":\"\(["free", "pro"][person % 2])\",\"platform\":\"web\"}"
                        }
                    )
                }
            })
    }

    /// A proxy that knows nobody but addresses, and statuses as texts.
    static func proxy(_ random: inout SeededGenerator) -> [String] {
        merged(
            (0..<150).map { person -> Story in
                var at = random.int(0...300_000)
                return walk(["list", "item", "order", "thanks"], stops: 20, &random).map { page in
                    at += random.int(2...200)
                    let (status, number) = (random.pick([200, 200, 200, 502]), random.int(1...9999))
                    return (
                        at,
                        { clock in
                            """
                            {"time_iso8601":"\(clock.text(separator: "T"))+00:00","remote_addr":"203.0.113.\(person)","request_uri":"/\(page)/\(number)","status":"\(status)","request_time":"0.\(number)","http_referer":"-"}
                            """
                        }
                    )
                }
            })
    }

    /// Columns of a business system whose names are short for words of another language, with amounts and numbers of several kinds.
    static func businessSystem(_ random: inout SeededGenerator) -> [String] {
        merged(
            (0..<160).map { person -> Story in
                var at = random.int(0...5_000_000)
                return walk(["Create Sales Order", "Approve Credit", "Create Delivery", "Goods Issue", "Clear Invoice"], stops: 7, &random)
                    .map { step in
                        at += random.int(3600...300_000)
                        let amount = random.int(0...999)
                        return (
                            at,
                            { clock in
                                """
                                {"MANDT":"100","VBELN":"\(4_500_000_000 + person)","ERDAT":"\(clock.text(separator: " "))","ACTIVITY":"\(step)","USNAM":"\(["MEIER", "BATCH1"][amount % 2])","KUNNR":"\(1000 + person / 3)","NETWR":"\(amount).00"}
                                """
                            }
                        )
                    }
            })
    }

    /// Times as texts with a fraction, a session's id glued together, and both a path and what it means.
    static func searchEngine(_ random: inout SeededGenerator) -> [String] {
        merged(
            (0..<150).map { person -> Story in
                var at = random.int(0...400_000)
                return walk(["view", "addtocart", "purchase", "success.do"], stops: 15, &random).map { page in
                    at += random.int(5...100)
                    let status = random.pick([200, 200, 503])
                    return (
                        at,
                        { clock in
                            """
                            {"_time":"\(clock.seconds).125","host":"web1","_raw":"GET /\(page)","uri_path":"/\(page)","JSESSIONID":"SD\(person)SL\(person % 9)FF","clientip":"10.1.1.\(person % 200)","status":\(status)}
                            """
                        }
                    )
                }
            })
    }
}
