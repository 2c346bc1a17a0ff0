"""What every room stands on: time, chance, ids, money, messages, YAML and catalogues."""
