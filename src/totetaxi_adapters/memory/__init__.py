"""Every port in memory: for unit tests and the simulator, deterministic, gone with the process."""
