"""What a case looks like on paper: the look of documents, and what a dossier or a letter is written from."""
