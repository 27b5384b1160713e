"""The limit: nginx, where it is installed, sending the same bytes from a file."""

import os
import shutil
from pathlib import Path

from .asking import Address

_CONFIG = """
daemon off; master_process on; worker_processes 2; pid {folder}/nginx.pid; {user}
error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
    access_log off; sendfile on; keepalive_requests 100000000;
    default_type "text/html; charset=utf-8";
    client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
    uwsgi_temp_path {folder}; scgi_temp_path {folder};
    server {{ listen {host}:{port}; root {folder}; location / {{ try_files /page.html =404; }} }}
}}
"""


def is_installed() -> bool:
    """Whether it can be measured."""
    return shutil.which("nginx") is not None


def command(folder: Path, page: bytes, address: Address) -> list[str]:
    """Write the page and the configuration; return the command line that serves it."""
    host, port = address
    (folder / "page.html").write_bytes(page)
    user = "user root;" if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(_CONFIG.format(folder=folder, host=host, port=port, user=user))
    return ["nginx", "-p", str(folder), "-c", str(config)]
