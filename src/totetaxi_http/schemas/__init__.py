"""The shapes of bodies and answers: attrs classes that carry limits and documentation."""
