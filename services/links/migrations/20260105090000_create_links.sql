CREATE TABLE links (
    slug text NOT NULL CONSTRAINT links_slug_key PRIMARY KEY,
    url text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
