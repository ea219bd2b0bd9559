"""What a document prints about itself: title, number, days, languages, links."""
