"""What Amazon SES tells of our mails, by way of SNS."""
