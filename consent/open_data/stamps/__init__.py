"""Daily Merkle roots over what was recorded, chained, and stamped by an authority (RFC 3161)."""
