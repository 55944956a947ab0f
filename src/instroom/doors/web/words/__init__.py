"""Words that several pages share: template filters and labels."""
