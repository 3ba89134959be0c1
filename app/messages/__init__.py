"""What members write to one another in private."""
