"""What must hold after every step, and what must hold once everything has come to rest."""
