"""The lecture's network. Read `plain` first. No file, fold or table is known here."""
