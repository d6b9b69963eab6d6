"""A saisine, from the form that sends it to the examination that answers it."""
