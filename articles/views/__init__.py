"""The pages readers see. None looks at the visitor, none writes, all ask `public(at)`."""
