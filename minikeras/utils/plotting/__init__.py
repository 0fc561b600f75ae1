"""Pictures of models: what a picture shows, where it goes on the page, and two ways of drawing it."""
