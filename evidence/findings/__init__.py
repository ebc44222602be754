"""Who fares how: findings of a version, the lead's one finding per outcome and characteristic, and coverage."""
