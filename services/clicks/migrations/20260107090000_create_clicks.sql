CREATE TABLE clicks (
    event_id uuid NOT NULL CONSTRAINT clicks_event_id_key PRIMARY KEY,
    slug text NOT NULL,
    clicked_at timestamptz NOT NULL
);
