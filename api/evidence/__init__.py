"""Evidence that may be looked at: review copies with their pictures, asked for, taken in, shown."""
