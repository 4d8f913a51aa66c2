"""The casework: procurement reviews, security examinations, rights due diligence."""
