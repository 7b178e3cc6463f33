"""Words and pictures from numbers: tables, figures, pages and the landing page."""
