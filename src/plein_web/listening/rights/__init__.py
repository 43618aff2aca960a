"""What residents ask about their own data, who does not want to be listened to, and what the register says of a town."""
