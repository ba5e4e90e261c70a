ALTER TABLE links
    ADD CONSTRAINT links_slug_format CHECK (slug ~ '^[A-Za-z0-9_-]{1,64}$');
