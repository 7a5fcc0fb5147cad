"""The wire: attrs classes in and out of JSON and query strings, every fault named at once."""
