"""What an initiative leads to: indicators of three kinds, their measurements and charts."""
