"""The image in previews of shared links to our pages."""
