-- Counted as clicks arrive, so that reading statistics does not grow with the number of clicks.
CREATE TABLE daily_clicks (
    slug text NOT NULL,
    day date NOT NULL,
    clicks bigint NOT NULL CHECK (clicks > 0),
    CONSTRAINT daily_clicks_slug_day_key PRIMARY KEY (slug, day)
);

INSERT INTO daily_clicks (slug, day, clicks)
SELECT slug, (clicked_at AT TIME ZONE 'UTC')::date, count(*)
FROM clicks
GROUP BY 1, 2;
