"""What ads did and pixels counted: insights, events, conversions; the Ad Library."""
