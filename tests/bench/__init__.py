"""What `make bench` prints; what it measures is asserted nowhere."""
