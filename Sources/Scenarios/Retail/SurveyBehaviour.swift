/// What people say when they are asked by mail; most do not answer.
enum SurveyBehaviour {
    /// How easy it was to be helped, from 1 to 7: each time that they had to come back costs them two.
    static func rateEffort(_ story: inout Story, returns: Int) {
        guard story.isIdentified, story.random.percent(40) else { return }
        let score = 7 - 2 * Int64(returns) - story.random.among(0...2)
        answer(&story, .surveyEffort, max(1, score), afterHours: 5)
    }

    /// Whether they would recommend the shop, from 0 to 10.
    static func recommend(_ story: inout Story) {
        guard story.random.percent(14) else { return }
        let score = story.random.percent(12) ? story.random.among(0...6) : story.random.among(7...10)
        answer(&story, .surveyRecommend, score, afterHours: 40)
    }

    private static func answer(_ story: inout Story, _ survey: Touchpoint, _ score: Int64, afterHours hours: Int64) {
        story.aside { mail in
            mail.goTo(.email)
            mail.waitHours(hours)
            mail.record(survey, .rate, answer: UInt8(score) + 1)
        }
    }
}
