"""How the archive keeps a body: the blob format, and the places blobs are put."""
