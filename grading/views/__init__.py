"""Pages of grading: propose, review, record a panel's grade, agree."""
