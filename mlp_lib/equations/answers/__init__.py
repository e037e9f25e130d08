"""What the clinic answers: verdict, first wrong step, mistake, and the smallest fix."""
