"""The journals of a school for those who look after how they are kept: what is missing in each."""
