"""How far one feature has moved: shares of rows for the decision, a distance and a picture for the reader."""
