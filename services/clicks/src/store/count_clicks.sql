-- Concurrent workers lock rows in the order in which they are given: hence each ORDER BY.
WITH fresh AS (
    INSERT INTO clicks (event_id, slug, clicked_at)
    SELECT event_id, slug, clicked_at
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS given (event_id, slug, clicked_at)
    ORDER BY event_id
    ON CONFLICT (event_id) DO NOTHING
    RETURNING slug, clicked_at
), added AS (
    INSERT INTO daily_clicks (slug, day, clicks)
    SELECT slug, (clicked_at AT TIME ZONE 'UTC')::date AS day, count(*)
    FROM fresh
    GROUP BY slug, day
    ORDER BY slug, day
    ON CONFLICT (slug, day) DO UPDATE SET clicks = daily_clicks.clicks + excluded.clicks
)
SELECT count(*) AS "counted!" FROM fresh;
