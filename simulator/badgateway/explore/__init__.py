"""Search over many generated scenarios; the only importer of hypothesis."""
