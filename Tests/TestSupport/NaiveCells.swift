// The columns of pipelines/metrics.md with what the rows of the reference have to say about each.

extension NaiveTables.JourneyRow {
    var cells: [(String, NaiveComparison.Cell)] {
        [
            ("journey", .text(journey)), ("started", .integer(started)), ("completed", .integer(completed)), ("failed", .integer(failed)),
            ("abandoned", .integer(abandoned)), ("open", .integer(open)), ("completion_rate", .ratio(completionRate)),
            ("completion_rate_low", .ratio(completionRateLow)), ("completion_rate_high", .ratio(completionRateHigh)),
            ("duration_p50_seconds", .duration(durationP50)), ("duration_p90_seconds", .duration(durationP90)),
            ("events", .integer(events)),
            ("sessions", .integer(sessions)), ("channel_switches", .integer(channelSwitches)), ("customers", .integer(customers)),
        ]
    }

    /// The columns that frictions add.
    var frictionCells: [(String, NaiveComparison.Cell)] {
        [("with_friction", .integer(withFriction)), ("friction_share", .ratio(frictionShare))]
    }

    /// The columns behind those.
    var conversionCells: [(String, NaiveComparison.Cell)] {
        [
            ("mature", .integer(mature)), ("converted", .integer(converted)), ("conversion_rate", .ratio(conversionRate)),
            ("conversion_rate_low", .ratio(conversionRateLow)), ("conversion_rate_high", .ratio(conversionRateHigh)),
        ]
    }
}

extension NaiveTables.FunnelRow {
    var cells: [(String, NaiveComparison.Cell)] {
        [
            ("journey", .text(journey)), ("step_index", .integer(stepIndex)), ("step", .text(step)), ("owner", .text(owner)),
            ("reached", .integer(reached)), ("from_previous", .ratio(fromPrevious)), ("from_start", .ratio(fromStart)),
            ("dropped", .integer(dropped)), ("seconds_from_previous_p50", .duration(secondsFromPreviousP50)),
            ("seconds_from_previous_p90", .duration(secondsFromPreviousP90)), ("mature", .integer(mature)), ("lost", .integer(lost)),
            ("open", .integer(open)), ("elsewhere", .integer(elsewhere)), ("lost_rate", .ratio(lostRate)),
            ("completed", .integer(completed)),
        ]
    }
}

extension NaiveTables.StallRow {
    var cells: [(String, NaiveComparison.Cell)] {
        // A learned one may be beyond any integer.
        let exact = thresholdSource == "sla" ? threshold.map { Int64(($0 * 1e6).rounded()) } : nil
        return [
            ("journey", .text(journey)), ("step_index", .integer(stepIndex)), ("step", .text(step)), ("owner", .text(owner)),
            ("visits", .integer(visits)), ("progressed", .integer(progressed)), ("goal", .integer(goal)), ("stopped", .integer(stopped)),
            ("open", .integer(open)), ("dwell_p50_seconds", .duration(dwellP50)), ("dwell_p90_seconds", .duration(dwellP90)),
            ("threshold_seconds", thresholdSource == "learned" ? .learned(threshold ?? 0) : .duration(exact)),
            ("threshold_source", .text(thresholdSource)), ("slow", .integer(slow)), ("idle", .integer(idle)),
            ("stalled", .integer(stalled)),
            ("stall_rate", .ratio(stallRate)), ("is_stall_point", .flag(isStallPoint)), ("p_value", .ratio(pValue)),
            ("judged", .integer(judged)), ("stopped_judged", .integer(stoppedJudged)),
        ]
    }
}

extension NaiveTables.TransitionRow {
    var cells: [(String, NaiveComparison.Cell)] {
        [
            ("journey", .text(journey)), ("scope", .text(scope)), ("from", .text(from.description)), ("to", .text(to.description)),
            ("count", .integer(count)), ("journeys", .integer(journeys)), ("gap_p50_seconds", .duration(gapP50)),
            ("completion_rate", .ratio(completionRate)),
        ]
    }
}

extension NaiveTables.SessionRow {
    var cells: [(String, NaiveComparison.Cell)] {
        [
            ("channel", .text(channel.description)), ("sessions", .integer(sessions)), ("events", .integer(events)),
            ("customers", .integer(customers)), ("bounces", .integer(bounces)), ("duration_p50_seconds", .duration(durationP50)),
            ("duration_p90_seconds", .duration(durationP90)), ("concurrent", .integer(concurrent)),
        ]
    }
}

extension NaiveTables.TouchpointRow {
    var cells: [(String, NaiveComparison.Cell)] {
        [
            ("channel", .text(channel.description)), ("touchpoint", .text(touchpoint.description)), ("owner", .text(owner)),
            ("events", .integer(events)), ("customers", .integer(customers)), ("journeys", .integer(journeys)),
            ("journey_entries", .integer(journeyEntries)), ("journey_exits", .integer(journeyExits)), ("errors", .integer(errors)),
            ("in_steps", .integer(inSteps)),
        ]
    }
}

extension NaiveTables.FrictionRow {
    /// All but `gave_up`: how soon a list is given up is not for a naive matcher to say.
    var cells: [(String, NaiveComparison.Cell)] {
        [
            ("journey", .text(journey)), ("friction", .text(friction)), ("owner", .text(owner)), ("occurrences", .integer(occurrences)),
            ("journeys", .integer(journeys)), ("customers", .integer(customers)), ("share", .ratio(share)),
            ("completion_rate_with", .ratio(completionRateWith)), ("completion_rate_without", .ratio(completionRateWithout)),
            ("measurable", .flag(missing.isEmpty)), ("missing", .text(missing.joined(separator: "; "))),
            ("channel", .text(place?.channel.description)), ("touchpoint", .text(place?.touchpoint.description)),
            ("step", .text(place?.step.description)), ("events", .integer(events)), ("seconds_p50", .duration(secondsP50)),
            ("first_day", .text(firstDay)), ("last_day", .text(lastDay)),
            ("examples", .text(examples.map(\.description).joined(separator: "; "))),
        ]
    }
}

extension NaiveTables.FrictionPlaceRow {
    var cells: [(String, NaiveComparison.Cell)] {
        [
            ("journey", .text(journey)), ("friction", .text(friction)), ("channel", .text(place.channel.description)),
            ("touchpoint", .text(place.touchpoint.description)), ("step", .text(place.step.description)),
            ("occurrences", .integer(occurrences)), ("journeys", .integer(journeys)), ("customers", .integer(customers)),
        ]
    }
}
