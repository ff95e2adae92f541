import { render } from "preact";
import { RoomList } from "./room_list.tsx";
import { RoomPage } from "./room_page.tsx";

const ROOM = /^\/rooms\/([a-z0-9-]{1,64})$/;

const [, room] = ROOM.exec(location.pathname) ?? [];
const page = document.getElementById("page");
if (page !== null) {
  page.replaceChildren();
  render(room === undefined ? <RoomList /> : <RoomPage room={room} />, page);
}
