"""Who may do what, and when: the one place that every view, template, export, mail and task asks."""
