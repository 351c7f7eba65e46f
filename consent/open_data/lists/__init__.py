"""The lists of the API, which the CSV files and the dumps share: one module for each."""
