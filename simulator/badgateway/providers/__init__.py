"""CATALOGUE of dialects: one provider's wire format over the common payments core is one folder."""
