"""Members who are shut out, let back in, or gone."""
