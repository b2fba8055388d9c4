"""Opening, reading and reconnecting cameras; the ring of packets; cutting clips."""
