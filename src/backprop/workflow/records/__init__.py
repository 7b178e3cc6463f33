"""What finished jobs and earlier starts left: records of results, a lock, a memory."""
