"""What members are told of: who answered, liked, reposted, mentioned or followed them."""
