"""What ads bring: conversions, lead forms and their answers."""
