"""Mails about assessments: a phase began, a date comes near, a report is published. All ask access when they are sent."""
