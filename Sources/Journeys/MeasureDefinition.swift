package import Events
package import Expressions

/// What customers answered when they were asked, in events whose `value` is the answer.
package struct SurveyDefinition: Sendable, Equatable {
    package var name: String
    package var condition: Expression
    package var kind: Kind
    /// The least and the greatest answer, in thousandths; others are off the scale.
    package var scale: ClosedRange<Int64>

    package enum Kind: String, Sendable, CaseIterable {
        /// Net promoter score: answers from 0 to 10.
        case nps
        case mean
    }

    /// The scale of a net promoter score.
    package static let npsScale: ClosedRange<Int64> = 0...10_000

    package init(name: String, condition: Expression, kind: Kind, scale: ClosedRange<Int64>) {
        (self.name, self.condition, self.kind, self.scale) = (name, condition, kind, scale)
    }
}

/// What each part of a journey's effort weighs, in thousandths.
package struct EffortDefinition: Sendable, Equatable {
    package var contact: Int64 = 1000
    package var channelSwitch: Int64 = 1000
    package var repeatedStep: Int64 = 1000
    package var error: Int64 = 1000
    /// Of each hour in which it was the organization's move.
    package var hour: Int64 = 100

    package init() {}
}

/// What customers are told of one thing in several channels.
package struct TermDefinition: Sendable, Equatable {
    package var name: String
    package var item: EventField
    package var value: EventField
    /// Sightings further apart are not set side by side.
    package var within: Microseconds

    package init(name: String, item: EventField, value: EventField, within: Microseconds) {
        (self.name, self.item, self.value, self.within) = (name, item, value, within)
    }
}

/// What metrics.csv and scorecard.csv are made of, besides journeys, contacts and frictions.
package struct MeasureDefinition: Sendable, Equatable {
    /// In the order of the file.
    package var surveys: [SurveyDefinition] = []
    /// nil: effort is not measured.
    package var effort: EffortDefinition?
    /// In the order of the file.
    package var terms: [TermDefinition] = []
    /// Touchpoints at which a machine answers, whatever the channel.
    package var botTouchpoints: [String] = []

    /// How long after a journey's last event an answer may come to be set beside its effort.
    package static let answerMax: Microseconds = 7 * 86_400_000_000
    /// How long after an outbound event a journey may come further to be set beside it.
    package static let outreachMax: Microseconds = 3 * 86_400_000_000

    package init() {}
}
