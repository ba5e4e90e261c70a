use std::{collections::HashMap, ops::RangeInclusive};

use chrono::{DateTime, Utc};
use redis::{FromRedisValue, Value, from_redis_value_ref};
use uuid::Uuid;

use super::{InvalidSlug, Slug};

/// The years 1970 to 9999: PostgreSQL cannot store every time that the field can name.
const TIMES_MS: RangeInclusive<i64> = 0..=253_402_300_799_999;

/// Someone followed a link.
#[derive(Debug, PartialEq, Eq)]
pub struct Click {
    pub event_id: Uuid,
    pub slug: Slug,
    pub clicked_at: DateTime<Utc>,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidClick {
    #[error("the field `{0}` is missing or not valid")]
    Field(&'static str),
    #[error(transparent)]
    Slug(#[from] InvalidSlug),
}

impl Click {
    /// The fields of an event, as the `links` service writes them too.
    pub fn fields(&self) -> [(&'static str, String); 3] {
        [
            ("event_id", self.event_id.to_string()),
            ("slug", self.slug.to_string()),
            (
                "clicked_at_ms",
                self.clicked_at.timestamp_millis().to_string(),
            ),
        ]
    }

    pub fn parse(fields: &HashMap<String, Value>) -> Result<Self, InvalidClick> {
        let event_id: String = field(fields, "event_id")?;
        let milliseconds = field(fields, "clicked_at_ms")?;
        Ok(Self {
            event_id: event_id
                .parse()
                .map_err(|_| InvalidClick::Field("event_id"))?,
            slug: Slug::parse(field(fields, "slug")?)?,
            clicked_at: Some(milliseconds)
                .filter(|milliseconds| TIMES_MS.contains(milliseconds))
                .and_then(DateTime::from_timestamp_millis)
                .ok_or(InvalidClick::Field("clicked_at_ms"))?,
        })
    }
}

fn field<T: FromRedisValue>(
    fields: &HashMap<String, Value>,
    name: &'static str,
) -> Result<T, InvalidClick> {
    fields
        .get(name)
        .and_then(|value| from_redis_value_ref(value).ok())
        .ok_or(InvalidClick::Field(name))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use redis::Value;

    use super::{Click, InvalidClick};
    use crate::domain::InvalidSlug;

    const EVENT_ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn event(fields: [(&str, &str); 3]) -> HashMap<String, Value> {
        let value = |text: &str| Value::BulkString(text.as_bytes().to_vec());
        fields
            .map(|(name, text)| (name.to_owned(), value(text)))
            .into()
    }

    #[test]
    fn an_event_of_the_links_service_is_understood() {
        let event = event([
            ("event_id", EVENT_ID),
            ("slug", "docs"),
            ("clicked_at_ms", "1767225600000"),
        ]);

        let click = Click::parse(&event).unwrap();

        assert_eq!(click.event_id.to_string(), EVENT_ID);
        assert_eq!(click.slug.as_str(), "docs");
        assert_eq!(click.clicked_at.to_rfc3339(), "2026-01-01T00:00:00+00:00");
    }

    #[test]
    fn what_is_written_is_read_back() {
        let event_fields = [
            ("event_id", EVENT_ID),
            ("slug", "docs"),
            ("clicked_at_ms", "1767225600123"),
        ];
        let click = Click::parse(&event(event_fields)).unwrap();

        let written = click.fields();

        assert_eq!(
            written
                .each_ref()
                .map(|(name, text)| (*name, text.as_str())),
            event_fields
        );
    }

    #[test]
    fn an_event_with_an_invalid_field_is_rejected_by_its_name() {
        for (id, slug, at, expected) in [
            ("7", "docs", "0", InvalidClick::Field("event_id")),
            (EVENT_ID, "no spaces", "0", InvalidClick::Slug(InvalidSlug)),
            (
                EVENT_ID,
                "docs",
                "noon",
                InvalidClick::Field("clicked_at_ms"),
            ),
            (
                EVENT_ID,
                "docs",
                "9223372036854775807",
                InvalidClick::Field("clicked_at_ms"),
            ),
        ] {
            let event = event([("event_id", id), ("slug", slug), ("clicked_at_ms", at)]);

            assert_eq!(Click::parse(&event), Err(expected));
        }
        assert_eq!(
            Click::parse(&HashMap::new()),
            Err(InvalidClick::Field("event_id"))
        );
    }
}
