"""What all public pages share: caching, languages, forms, fragments."""
