//! What a session has set: properties and variables.
//!
//! Every property that the engine reads, with its default, stands in one table here; the words of
//! the answers are those of ksqlDB's own prompt.

use headwater_base::{Diagnostic, Fault, SortedMap, Span, diagnostic::nearest};
use std::sync::Arc;

/// A property that can be SET: its name, its default, and the values it takes.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// The name.
    pub name: &'static str,
    /// What holds where nothing is set; empty for "no value".
    pub default: &'static str,
    /// What is accepted.
    pub accepts: Accepts,
}

/// The values that a property takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Number,
    /// A whole number that is not less than this.
    AtLeast(i64),
    /// Any text.
    Text,
}

const fn property(name: &'static str, default: &'static str, accepts: Accepts) -> Property {
    Property {
        name,
        default,
        accepts,
    }
}

/// All properties, by name.
pub const PROPERTIES: &[Property] = &[
    property("acceptable.recovery.lag", "10000", Accepts::AtLeast(0)),
    property(
        "auto.offset.reset",
        "earliest",
        Accepts::OneOf(&["earliest", "latest"]),
    ),
    property("cache.max.bytes.buffering", "0", Accepts::Number),
    property("commit.interval.ms", "2000", Accepts::Number),
    property(
        "ksql.assert.schema.default.timeout.ms",
        "1000",
        Accepts::Number,
    ),
    property(
        "ksql.assert.topic.default.timeout.ms",
        "1000",
        Accepts::Number,
    ),
    property("ksql.functions.collect_list.limit", "-1", Accepts::Number),
    property("ksql.functions.collect_set.limit", "-1", Accepts::Number),
    property(
        "ksql.functions.substring.legacy.args",
        "false",
        Accepts::Boolean,
    ),
    property(
        "ksql.logging.processing.rows.include",
        "true",
        Accepts::Boolean,
    ),
    property("ksql.new.query.planner.enabled", "false", Accepts::Boolean),
    property("ksql.output.topic.name.prefix", "", Accepts::Text),
    property(
        "ksql.persistence.default.format.key",
        "KAFKA",
        Accepts::Text,
    ),
    property("ksql.persistence.default.format.value", "", Accepts::Text),
    property("ksql.persistence.wrap.single.values", "", Accepts::Boolean),
    property(
        "ksql.query.pull.limit.clause.enabled",
        "true",
        Accepts::Boolean,
    ),
    property(
        "ksql.query.pull.range.scan.enabled",
        "true",
        Accepts::Boolean,
    ),
    property("ksql.query.pull.stream.enabled", "true", Accepts::Boolean),
    property(
        "ksql.query.pull.table.scan.enabled",
        "true",
        Accepts::Boolean,
    ),
    property("ksql.query.push.v2.enabled", "false", Accepts::Boolean),
    property("ksql.service.id", "default_", Accepts::Text),
    property("ksql.sink.partitions", "", Accepts::Number),
    property("ksql.sink.replicas", "", Accepts::Number),
    property(
        "ksql.streams.__emit.interval.ms.kstreams.outer.join.spurious.results.fix__",
        "1000",
        Accepts::Number,
    ),
    property(
        "ksql.streams.__emit.interval.ms.kstreams.windowed.aggregation__",
        "1000",
        Accepts::Number,
    ),
    property(
        "ksql.streams.default.timestamp.extractor",
        "",
        Accepts::Text,
    ),
    property(
        "ksql.streams.topology.optimization",
        "none",
        Accepts::OneOf(&["none", "all"]),
    ),
    property("ksql.timestamp.throw.on.invalid", "false", Accepts::Boolean),
    property(
        "ksql.windowed.session.key.legacy",
        "false",
        Accepts::Boolean,
    ),
    property("max.warmup.replicas", "2", Accepts::AtLeast(1)),
    property("num.standby.replicas", "0", Accepts::AtLeast(0)),
    property(
        "probing.rebalance.interval.ms",
        "600000",
        Accepts::AtLeast(60_000),
    ),
    property(
        "processing.guarantee",
        "at_least_once",
        Accepts::OneOf(&["at_least_once"]),
    ),
];

/// A property as SHOW PROPERTIES lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownProperty {
    /// The name.
    pub name: &'static str,
    /// What holds.
    pub value: String,
    /// `SESSION` or `SERVER`; empty where it is the default.
    pub set_by: &'static str,
}

/// The properties and variables of one session.
#[derive(Clone, Debug, Default)]
pub struct Session {
    properties: Arc<SortedMap<String, String>>,
    /// What ALTER SYSTEM has set for everybody.
    system: Arc<SortedMap<String, String>>,
    variables: Arc<SortedMap<String, String>>,
}

impl Session {
    /// The value of a property: what was set, else its default; `None` where both are empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let set = self.properties.get(name).or_else(|| self.system.get(name));
        set.map(String::as_str)
            .or_else(|| find(name).map(|property| property.default))
            .filter(|value| !value.is_empty())
    }

    /// Whether a property is true.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A property as a whole number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.trim().parse().ok()
    }

    /// Sets a property; gives back what to say about it.
    pub fn set(&mut self, name: &str, value: &str, at: Span) -> Result<String, Diagnostic> {
        let name = known_name(name, at)?;
        check_value(name, value).map_err(|wrong| wrong.at(at))?;
        let before = self.properties.get(name.name).cloned();
        Arc::make_mut(&mut self.properties).insert(name.name.to_owned(), value.to_owned());
        let from = before
            .map(|old| format!(" from '{old}'"))
            .unwrap_or_default();
        let name = name.name;
        Ok(format!(
            "Successfully changed local property '{name}'{from} to '{value}'. Use the UNSET \
             command to revert your change."
        ))
    }

    /// Sets a property for all sessions that do not set it themselves.
    pub fn alter_system(
        &mut self,
        name: &str,
        value: &str,
        at: Span,
    ) -> Result<String, Diagnostic> {
        let name = known_name(name, at)?;
        check_value(name, value).map_err(|wrong| wrong.at(at))?;
        Arc::make_mut(&mut self.system).insert(name.name.to_owned(), value.to_owned());
        let name = name.name;
        Ok(format!("System property '{name}' was set to '{value}'."))
    }

    /// Lets what waits for the end of a window go on with the record that moves stream time past
    /// it, and not at most once in a second: for all sessions that do not SET it otherwise.
    pub fn emit_at_once(&mut self) {
        let intervals = PROPERTIES
            .iter()
            .filter(|it| it.name.contains("__emit.interval.ms"));
        let system = Arc::make_mut(&mut self.system);
        system.extend(intervals.map(|it| (it.name.to_owned(), "0".to_owned())));
    }

    /// Makes it a session of the ksqlDB cluster with this `ksql.service.id`.
    pub fn set_service(&mut self, id: &str) {
        Arc::make_mut(&mut self.system).insert("ksql.service.id".to_owned(), id.to_owned());
    }

    /// What this session itself has set, by name.
    pub fn overrides(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.properties.iter();
        all.map(|(name, value)| (&**name, &**value))
    }

    /// Takes a property back to its default.
    pub fn unset(&mut self, name: &str, at: Span) -> Result<String, Diagnostic> {
        let name = known_name(name, at)?.name;
        match Arc::make_mut(&mut self.properties).remove(name) {
            Some(old) => Ok(format!(
                "Successfully unset local property '{name}' (value was '{old}')."
            )),
            None => Err(Diagnostic::error(
                Fault::Yours,
                "property-not-set",
                format!(
                    "Cannot unset local property '{name}' which was never set in the first place"
                ),
            )
            .at(at)),
        }
    }

    /// Defines a variable; names do not care about case.
    pub fn define(&mut self, name: &str, value: &str) {
        Arc::make_mut(&mut self.variables).insert(name.to_ascii_lowercase(), value.to_owned());
    }

    /// Forgets a variable; whether there was one.
    pub fn undefine(&mut self, name: &str) -> bool {
        Arc::make_mut(&mut self.variables)
            .remove(&name.to_ascii_lowercase())
            .is_some()
    }

    /// The value of a variable, whatever the case of its name.
    pub fn variable(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(&name.to_ascii_lowercase());
        value.map(String::as_str)
    }

    /// All variables by name.
    pub fn variables(&self) -> &SortedMap<String, String> {
        &self.variables
    }

    /// All properties with their values, by name.
    pub fn properties(&self) -> Vec<ShownProperty> {
        let row = |property: &Property| {
            let own = self.properties.get(property.name);
            let system = self.system.get(property.name);
            let value = own.or(system).map_or(property.default, String::as_str);
            ShownProperty {
                name: property.name,
                value: value.to_owned(),
                set_by: match (own, system) {
                    (Some(_), _) => "SESSION",
                    (None, Some(_)) => "SERVER",
                    (None, None) => "",
                },
            }
        };
        PROPERTIES.iter().map(row).collect()
    }
}

fn find(name: &str) -> Option<&'static Property> {
    // A property may be said with the prefix that ksqlDB passes on to Kafka Streams.
    let bare = name.strip_prefix("ksql.streams.").unwrap_or(name);
    PROPERTIES
        .iter()
        .find(|property| property.name == name || property.name == bare)
}

fn known_name(name: &str, at: Span) -> Result<&'static Property, Diagnostic> {
    find(name).ok_or_else(|| {
        let message =
            format!("Not recognizable as ksql, streams, consumer, or producer property: '{name}'");
        let wrong = Diagnostic::error(Fault::Yours, "unknown-property", message).at(at);
        let names = PROPERTIES.iter().map(|property| property.name);
        nearest(name, names).into_iter().fold(wrong, |wrong, near| {
            wrong.hint(format!("Did you mean '{near}'?"))
        })
    })
}

fn check_value(property: &Property, value: &str) -> Result<(), Diagnostic> {
    let name = property.name;
    let expected = match property.accepts {
        Accepts::Text => return Ok(()),
        Accepts::Boolean if matches!(&*value.to_ascii_lowercase(), "true" | "false") => {
            return Ok(());
        }
        Accepts::Boolean => "Expected value to be either true or false".to_owned(),
        Accepts::Number | Accepts::AtLeast(_) => match value.trim().parse::<i64>() {
            Ok(number) => match property.accepts {
                Accepts::AtLeast(low) if number < low => format!("Value must be at least {low}"),
                _ => return Ok(()),
            },
            Err(_) => "Not a number of type LONG".to_owned(),
        },
        Accepts::OneOf(words) if words.contains(&&*value.to_ascii_lowercase()) => return Ok(()),
        Accepts::OneOf(words) => format!("String must be one of: {}", words.join(", ")),
    };
    let message = format!("Invalid value {value} for configuration {name}: {expected}");
    let transactions = value.eq_ignore_ascii_case("exactly_once_v2");
    if name == "processing.guarantee" && transactions {
        let message = "'processing.guarantee' = 'exactly_once_v2' is not supported yet";
        return Err(Diagnostic::error(
            Fault::NotSupportedYet,
            "not-supported-yet",
            message,
        ));
    }
    Err(Diagnostic::error(
        Fault::Yours,
        "invalid-property-value",
        message,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_set_checked_and_taken_back() {
        let mut session = Session::default();
        let at = Span::default();
        assert_eq!(session.get("auto.offset.reset"), Some("earliest"));
        let said = session
            .set("auto.offset.reset", "latest", at)
            .map_err(|e| e.message);
        let expected = "Successfully changed local property 'auto.offset.reset' to \
                        'latest'. Use the UNSET command to revert your change.";
        assert_eq!(said.as_deref(), Ok(expected));
        assert_eq!(session.get("auto.offset.reset"), Some("latest"));
        assert!(session.unset("auto.offset.reset", at).is_ok());
        let wrong = session.set("auto.offset.rest", "latest", at).err();
        let hints = wrong.map(|wrong| wrong.hints).unwrap_or_default();
        assert_eq!(hints, ["Did you mean 'auto.offset.reset'?"]);
        assert!(session.set("auto.offset.reset", "newest", at).is_err());
    }

    #[test]
    fn variables_do_not_care_about_case() {
        let mut session = Session::default();
        session.define("Topic", "ratings");
        assert_eq!(
            session.variables().get("topic").map(String::as_str),
            Some("ratings")
        );
        assert!(session.undefine("TOPIC"));
    }
}
